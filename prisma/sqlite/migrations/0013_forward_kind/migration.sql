-- AlterTable
ALTER TABLE "job" ADD COLUMN "forward_kind" TEXT;

-- Older rows have the words alone, which began like this. The note of an older dead letter stands in the same column.
UPDATE "job" SET "forward_kind" = CASE
  WHEN "forward" = 'cancelled' THEN 'cancelled'
  WHEN "forward" = 'past its deadline' THEN 'overdue'
  WHEN "forward" LIKE 'failed at %' THEN 'failed'
  WHEN "forward" LIKE 'succeeded%' THEN 'succeeded'
END WHERE "forward" <> '' AND ("attention_note" IS NULL OR "attention_note" <> "forward");
