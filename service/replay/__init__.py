"""Keep the program that decides, and compute recorded decisions again."""
