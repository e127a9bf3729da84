select
    entry.id as number,
    entry.entry_id,
    entry.at,
    entry.leaf,
    coalesce(private.disclosures, '{}') as disclosures
from audit_entry as entry
left join audit_private as private using (id)
where (%(since)s::timestamptz is null or entry.at >= %(since)s)
    and (%(until)s::timestamptz is null or entry.at < %(until)s)
order by entry.id
