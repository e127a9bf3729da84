with entry as (
    insert into audit_entry (entry_id, leaf) values (%(entry_id)s, %(leaf)s) returning id
)
insert into audit_private (id, disclosures)
select id, %(disclosures)s::text[] from entry where cardinality(%(disclosures)s::text[]) > 0;
