-- CreateTable
CREATE TABLE "task_log_line" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "job" INTEGER NOT NULL,
    "atom" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "time" BIGINT NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "task_log_line_job_fkey" FOREIGN KEY ("job") REFERENCES "job" ("seq") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "task_log_line_job_atom_id_idx" ON "task_log_line"("job", "atom", "id");
