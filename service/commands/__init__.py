"""The commands of ``hirescreen``, a module for each family."""
