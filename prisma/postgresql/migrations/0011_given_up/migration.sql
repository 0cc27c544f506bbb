-- AlterTable
ALTER TABLE "job" ADD COLUMN "attention_note" TEXT,
ADD COLUMN "depth" INTEGER NOT NULL DEFAULT 0;

-- The reason of a dead letter stood among the words of its run.
UPDATE "job" SET "attention_note" = "forward" WHERE "attention" = 'dead_lettered';
