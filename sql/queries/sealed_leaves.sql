select leaf.leaf_index as index, leaf.leaf_hash as hash, entry.id as number, entry.entry_id, entry.leaf
from audit_leaf as leaf
join audit_entry as entry on entry.id = leaf.entry
where leaf.log = %(log)s and leaf.leaf_index >= %(start)s and leaf.leaf_index < %(stop)s
order by leaf.leaf_index
