-- Where an entry stands in the current log; no index while it is not sealed.
select entry.id as number, entry.entry_id, entry.leaf, leaf.leaf_index as index
from audit_entry as entry
left join audit_leaf as leaf on leaf.entry = entry.id and leaf.log = %(log)s
where entry.entry_id = %(entry_id)s
