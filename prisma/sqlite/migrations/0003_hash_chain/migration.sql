-- AlterTable
ALTER TABLE "logbook_record" ADD COLUMN "hash" BLOB;
