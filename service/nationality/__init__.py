"""Which country a text, a code or a travel document names."""
