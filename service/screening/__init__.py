"""The pure core: facts in, judgement out. Standard library only."""
