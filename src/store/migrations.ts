import { Migrator, type Kysely, type Migration } from 'kysely';

/** Forward only, each in a transaction where the database can; run at every start. The names are their order. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-sessions-and-messages': { up: sessionsAndMessages },
  '0002-insights-and-engine-sessions': { up: insightsAndEngineSessions },
  '0003-attendance': { up: attendance },
  '0004-engine-sessions-done': { up: engineSessionsDone },
  '0005-webhooks': { up: webhooks },
};

/** Brings the database to what this release needs. Several replicas may do so at once. @throws what the database throws */
export async function migrate(database: Kysely<never>): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('the migration failed');
}

async function sessionsAndMessages(database: Kysely<never>): Promise<void> {
  await database.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('room_sid', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('options', 'text', (column) => column.notNull())
    .addColumn('created_at', 'double precision', (column) => column.notNull())
    .addColumn('live_at', 'double precision')
    .addColumn('alive_at', 'double precision')
    .addColumn('ended_at', 'double precision')
    .addColumn('end_reason', 'text')
    .execute();
  await database.schema.createIndex('sessions_by_status').on('sessions').columns(['status', 'ended_at']).execute();
  await database.schema
    .createTable('messages')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('delivered_seq', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('messages_by_seq', ['session_id', 'seq'])
    .execute();
}

async function insightsAndEngineSessions(database: Kysely<never>): Promise<void> {
  await database.schema
    .createTable('insights')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('engine_sessions')
    .addColumn('engine_id', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('granted_at', 'double precision', (column) => column.notNull())
    .addColumn('to_delete', 'integer', (column) => column.notNull())
    .execute();
}

async function attendance(database: Kysely<never>): Promise<void> {
  await database.schema
    .createTable('attendance')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('identity', 'text', (column) => column.notNull())
    .addColumn('left_at', 'double precision')
    .addColumn('removed', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('attendance_by_identity', ['session_id', 'identity'])
    .execute();
}

async function engineSessionsDone(database: Kysely<never>): Promise<void> {
  await database.schema
    .alterTable('engine_sessions')
    .addColumn('done', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}

async function webhooks(database: Kysely<never>): Promise<void> {
  await database.schema
    .createTable('webhook_cursors')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('room', 'text', (column) => column.notNull())
    .addColumn('live_at', 'double precision', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('webhook_dead_letters')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('given_up_at', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('webhook_dead_letters_by_seq', ['session_id', 'seq'])
    .execute();
}
