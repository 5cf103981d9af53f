"""The front end's pages and assets, as the web service answers with them."""
