-- Screenings that a machine may not settle, the oldest first (their ids are in the order of time), with every word on
-- them. A reason stands among the disclosures of its audit entry while it is not erased.
select
    screening.id as screening_id, screening.decision, screening.decided_at, screening.stage, screening.reference,
    screening.clauses,
    not exists (select from screening_private as private where private.screening_id = screening.id) as erased,
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object(
                    'id', word.id, 'account_id', word.account_id, 'username', account.username, 'role', word.role,
                    'verdict', word.verdict, 'at', word.at,
                    'disclosures', (
                        select to_jsonb(private.disclosures)
                        from audit_entry
                        join audit_private as private on private.id = audit_entry.id
                        where audit_entry.entry_id = word.entry_id
                    )
                )
                order by word.id
            )
            from disposition as word
            join account on account.id = word.account_id
            where word.screening_id = screening.id
        ),
        '[]'::jsonb
    ) as words
from screening
where screening.decision <> 'allow'
    and (%(id)s::uuid is null or screening.id = %(id)s)
    and (%(after)s::uuid is null or screening.id > %(after)s)
    and (
        %(settled)s::boolean is null
        or %(settled)s = exists (
            select from disposition as word where word.screening_id = screening.id and word.settles
        )
    )
    and not exists (
        select
        from disposition as word
        where word.screening_id = screening.id and word.account_id = %(without)s::uuid
    )
order by screening.id
limit %(rows)s;
