-- approvals are those that count: of this version in place of the one it was compared with.
select
    held.list_id, held.version, held.against, held.reasons, held.entries_digest, held.proposed_by,
    held.held_at, held.state, held.settled_at, held.settled_by, held.settled_reason,
    coalesce(
        (
            select jsonb_agg(
                jsonb_build_object(
                    'account', approval.account_id, 'username', account.username,
                    'at', approval.at, 'allows_older', approval.allows_older, 'reason', approval.reason
                )
                order by approval.at
            )
            from list_approval as approval
            join account on account.id = approval.account_id
            where approval.list_id = held.list_id
                and approval.version = held.version
                and approval.against = held.against
        ),
        '[]'::jsonb
    ) as approvals
from list_held as held
where (%(list_id)s::text is null or held.list_id = %(list_id)s)
    and (%(version)s::int is null or held.version = %(version)s)
    and (%(state)s::text is null or held.state = %(state)s)
order by held.list_id, held.version desc;
