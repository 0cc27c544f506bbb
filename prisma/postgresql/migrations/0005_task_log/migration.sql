-- CreateTable
CREATE TABLE "task_log_line" (
    "id" BIGSERIAL NOT NULL,
    "job" INTEGER NOT NULL,
    "atom" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "time" BIGINT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "task_log_line_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "task_log_line_job_atom_id_idx" ON "task_log_line"("job", "atom", "id");

-- AddForeignKey
ALTER TABLE "task_log_line" ADD CONSTRAINT "task_log_line_job_fkey" FOREIGN KEY ("job") REFERENCES "job"("seq") ON DELETE CASCADE ON UPDATE CASCADE;
