"""Mutation testing of the rules: small faults put into them, each of which some test must notice."""
