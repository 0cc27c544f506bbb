-- CreateTable
CREATE TABLE "checkpoint" (
    "job" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "fold" TEXT NOT NULL,
    "flow" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("job")
);

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_job_fkey" FOREIGN KEY ("job") REFERENCES "job"("seq") ON DELETE CASCADE ON UPDATE CASCADE;
