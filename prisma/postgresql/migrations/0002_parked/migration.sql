-- AlterTable
ALTER TABLE "job" ADD COLUMN     "parent" TEXT,
ADD COLUMN     "target" TEXT,
ADD COLUMN     "wake_at" BIGINT;

-- CreateIndex
CREATE INDEX "job_parent_idx" ON "job"("parent") WHERE "parent" IS NOT NULL;
CREATE INDEX "job_parked_idx" ON "job"("wake_at") WHERE "state" = 'WAITING';
