select screening_id from erasure_item where erasure_id = %(id)s and state = 'waiting' order by screening_id;
