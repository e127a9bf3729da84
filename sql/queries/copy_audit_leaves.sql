copy audit_leaf (log, leaf_index, entry, leaf_hash) from stdin
