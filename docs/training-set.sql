-- A training set: every impression of the days :from to :to, with whether it was clicked, and with its job as it was
-- known on the day of the impression.
--
--   npm run -s dayfold -- load --sql-file docs/training-set.sql --from 2024-05-06 --to 2024-05-08 --out training.parquet
--
-- `load` puts the days in the places of :from and :to, and refuses to run while a day of a table that is read here is
-- missing, failed, damaged or made by other feature code.
WITH shown AS (
  SELECT impression_id, user_id, job_id, position, shown_at, query, device, country, features, day_partition
  FROM impressions
  WHERE day_partition BETWEEN :from AND :to
),
-- One row an impression, however often it was clicked. Clicks of the day after :to would come too late for a model that
-- is trained on :to.
clicked AS (
  SELECT impression_id, count(*) AS clicks, bool_or(applied) AS applied
  FROM clicks
  WHERE day_partition BETWEEN :from AND :to
  GROUP BY impression_id
),
-- The listings of a month before :from are looked through: a job that is shown is listed anew at least that often.
listed AS (
  SELECT job_id, title, seniority, language, country, salary_min, salary_max, remote, description_words, posted_at, day_partition
  FROM jobs
  WHERE day_partition BETWEEN CAST(date_add('day', -30, CAST(:from AS date)) AS varchar) AND :to
),
-- No leak: of the listings of a job those of days after the impression are not looked at, and of the others the newest
-- is taken.
known AS (
  SELECT
    shown.impression_id,
    listed.*,
    row_number() OVER (
      PARTITION BY shown.impression_id
      ORDER BY listed.day_partition DESC, listed.posted_at DESC, listed.title
    ) AS place
  FROM shown
  JOIN listed ON listed.job_id = shown.job_id AND listed.day_partition <= shown.day_partition
)
SELECT
  shown.impression_id,
  shown.day_partition AS shown_on,
  shown.position,
  hour(shown.shown_at) AS shown_hour,
  shown.device,
  shown.country,
  shown.features,
  known.day_partition AS listed_on,
  known.title,
  known.seniority,
  known.language,
  known.salary_min,
  known.salary_max,
  known.remote,
  known.description_words,
  date_diff('day', known.posted_at, shown.shown_at) AS listing_age_days,
  -- The label.
  CASE WHEN clicked.clicks > 0 THEN 1 ELSE 0 END AS clicked,
  coalesce(clicked.applied, false) AS applied,
  -- By a hash of the person, so that nobody is in two sets, and a row stays in its set when the days change.
  CASE
    WHEN mod(from_base(substr(to_hex(md5(to_utf8(coalesce(shown.user_id, shown.impression_id)))), 1, 8), 16), 10) < 8
      THEN 'train'
    WHEN mod(from_base(substr(to_hex(md5(to_utf8(coalesce(shown.user_id, shown.impression_id)))), 1, 8), 16), 10) < 9
      THEN 'validation'
    ELSE 'test'
  END AS split
FROM shown
LEFT JOIN clicked ON clicked.impression_id = shown.impression_id
LEFT JOIN known ON known.impression_id = shown.impression_id AND known.place = 1
