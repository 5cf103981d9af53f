"""The ground floor: what every program that people start needs first."""
