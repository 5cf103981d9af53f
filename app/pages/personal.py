"""Of kept assets: they are the front end's files, which everybody may have."""

from cams.masks import Masks, keep

PERSONAL: dict[str, Masks] = {"pages_keptasset": keep("name", "content")}
