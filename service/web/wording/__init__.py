"""The catalogue: every English word that a page shows, apart from the code, for later translation."""
