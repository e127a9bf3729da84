"""The ways in for lists: fetched, handed in, held, approved, or as history."""
