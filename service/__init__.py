"""hirescreen: sanctions screening for employers, with the clause cited."""

__version__ = "0.1.0"
