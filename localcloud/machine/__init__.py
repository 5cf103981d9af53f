"""What this machine gives: paths, ports, processes, servers, who its user is."""
