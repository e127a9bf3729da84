-- Leaves of a log with what was sealed of them; disclosures only where %(personal)s, none where they were erased.
select leaf.leaf_index, leaf.leaf_hash, entry.leaf, coalesce(private.disclosures, '{}')
from audit_leaf as leaf
join audit_entry as entry on entry.id = leaf.entry
left join audit_private as private on private.id = leaf.entry and %(personal)s
where leaf.log = %(log)s and leaf.leaf_index >= %(start)s and leaf.leaf_index < %(stop)s
order by leaf.leaf_index
