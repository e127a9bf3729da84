-- The next entries of the log that this one continues, in the order in which that one numbered them. This
-- log has one leaf of its own before them, so none is passed over by starting where it stands.
with due as materialized (
    select old.entry, old.leaf_index
    from audit_leaf as old
    where old.log = %(previous)s
        and old.leaf_index >= %(size)s - 1
        and (select leaf.entry from audit_leaf as leaf where leaf.log = %(log)s and leaf.entry = old.entry) is null
    order by old.leaf_index
    limit %(most)s
)
select due.entry, entry.leaf
from due
join audit_entry as entry on entry.id = due.entry
order by due.leaf_index
