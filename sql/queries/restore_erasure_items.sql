insert into erasure_item (erasure_id, screening_id, state)
select %(id)s, screening_id, 'erased' from unnest(%(screenings)s::uuid[]) as item (screening_id)
on conflict (erasure_id, screening_id) do update set state = 'erased';
