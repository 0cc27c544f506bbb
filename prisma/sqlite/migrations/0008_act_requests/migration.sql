-- CreateTable
CREATE TABLE "act_request" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "job" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "asked_at" BIGINT NOT NULL,
    "taken_by" TEXT,
    "answer" TEXT
);

-- CreateIndex
CREATE INDEX "act_request_job_idx" ON "act_request"("job");
