"""What AWS allows and what it refuses, told by calls of real clients: a table, and the count of what is wrong."""
