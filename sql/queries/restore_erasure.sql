-- An erasure that this database does not know, or not as done: it was restored from before.
insert into erasure (
    id, ground, case_reference, whole, requested_by, requested_at, state, settled_at, settled_by, entry_id
)
values (
    %(id)s, %(ground)s, null, false, %(requested_by)s, %(at)s, 'done', %(at)s, %(settled_by)s, %(entry_id)s
)
on conflict (id) do update
    set state = 'done', settled_at = excluded.settled_at, settled_by = excluded.settled_by,
        entry_id = excluded.entry_id;
