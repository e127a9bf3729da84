-- One screening with its entry; request, answer and disclosures are null once erased.
select
    screening.id, screening.decided_at, screening.decision, entry.entry_id, entry.leaf,
    private.request, private.answer, disclosed.disclosures
from screening
join audit_entry as entry on entry.entry_id = screening.audit_entry_id
left join screening_private as private on private.screening_id = screening.id
left join audit_private as disclosed on disclosed.id = entry.id
where screening.id = %(id)s;
