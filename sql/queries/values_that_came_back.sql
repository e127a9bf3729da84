-- Of screenings that were erased: those of which something personal stands in the tables (again).
select distinct screening.id
from unnest(%(screenings)s::uuid[]) as erased (screening_id)
join screening on screening.id = erased.screening_id
left join audit_entry on audit_entry.entry_id = screening.audit_entry_id
where screening.reference is not null
    or exists (select from screening_private as private where private.screening_id = screening.id)
    or exists (select from audit_private where audit_private.id = audit_entry.id)
    or exists (
        select
        from disposition
        join audit_entry as word on word.entry_id = disposition.entry_id
        join audit_private on audit_private.id = word.id
        where disposition.screening_id = screening.id
    )
    or exists (select from idempotency where idempotency.screening_id = screening.id);
