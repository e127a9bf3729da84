copy incoming (key, hash, body, record) from stdin
