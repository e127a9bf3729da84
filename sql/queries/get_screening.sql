-- The answer as it was given, or what is left of it once its personal data were erased.
select coalesce(private.answer, erased.answer) as answer, erased.erased_at
from screening
left join screening_private as private on private.screening_id = screening.id
left join screening_erased as erased on erased.screening_id = screening.id
where screening.id = %(id)s and coalesce(private.answer, erased.answer) is not null;
