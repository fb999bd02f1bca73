package main

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"net/url"

	_ "modernc.org/sqlite" // the driver, without C

	"github.com/healthtrainer/healthtrainer/hte"
)

// tables hold a journey's events one a row, as the JSON text that the library
// writes, and its snapshot. rewritten is how long the log was when something was
// last taken out of it: no snapshot of before may come back.
const tables = `
create table if not exists journeys (
	journey   text primary key,
	rewritten integer not null default 0
) without rowid;
create table if not exists events (
	journey  text not null references journeys on delete cascade,
	sequence integer not null,
	event    blob not null,
	primary key (journey, sequence)
) without rowid;
create table if not exists snapshots (
	journey  text primary key references journeys on delete cascade,
	sequence integer not null,
	version  integer not null,
	state    blob not null
) without rowid;`

// Store keeps journeys in an SQLite database.
type Store struct{ db *sql.DB }

var _ hte.SnapshotStore = (*Store)(nil)

// OpenStore opens the database in a file, and makes it if need be.
func OpenStore(ctx context.Context, file string) (*Store, error) {
	// A transaction takes its lock when it begins, so that two writers cannot both
	// look where the log ends; what is erased is overwritten in the file, and the
	// journal is deleted with every transaction, so that nothing of it stays there.
	options := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "foreign_keys(1)", "secure_delete(1)", "journal_mode(delete)"},
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(file)+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, tables); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// in runs f in a transaction: all of what it does is done, or nothing.
func (s *Store) in(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err == nil {
		if err = f(tx); err == nil {
			err = tx.Commit()
		}
		_ = tx.Rollback() // does nothing once it is committed
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the driver has words of its own for it
	}
	return err
}

// end is the sequence of the last event, 0 where there is none.
func end(ctx context.Context, tx *sql.Tx, journey hte.Ref) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "select coalesce(max(sequence), 0) from events where journey = ?", string(journey)).Scan(&n)
	return n, err
}

// add writes events behind those that are there, if the log ends where it should.
func add(ctx context.Context, tx *sql.Tx, journey hte.Ref, expected int64, events []hte.Event) error {
	if n, err := end(ctx, tx, journey); err != nil {
		return err
	} else if n != expected {
		return &hte.ConflictError{Expected: expected, Actual: n}
	}
	if _, err := tx.ExecContext(ctx, "insert or ignore into journeys (journey) values (?)", string(journey)); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, "insert into events (journey, sequence, event) values (?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range events {
		text, err := events[i].AppendJSON(nil)
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, string(journey), events[i].Sequence, text); err != nil {
			return err
		}
	}
	return nil
}

// Load yields the events of a journey. The log is read before the first is handed
// on, so that the caller may take its time, and write.
func (s *Store) Load(ctx context.Context, journey hte.Ref, after int64) iter.Seq2[hte.Event, error] {
	return func(yield func(hte.Event, error) bool) {
		var texts [][]byte
		err := s.each(ctx, func(scan func(...any) error) error {
			var text []byte
			err := scan(&text)
			texts = append(texts, text)
			return err
		}, "select event from events where journey = ? and sequence > ? order by sequence", string(journey), after)
		if err != nil {
			yield(hte.Event{}, err)
			return
		}
		for _, text := range texts {
			var e hte.Event
			if err = ctx.Err(); err == nil {
				err = e.UnmarshalJSON(text)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// each calls row for every row of a query.
func (s *Store) each(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err == nil {
		defer rows.Close()
		for err == nil && rows.Next() {
			err = row(rows.Scan)
		}
		if err == nil {
			err = rows.Err()
		}
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Append adds events to a log.
func (s *Store) Append(ctx context.Context, journey hte.Ref, expected int64, events []hte.Event) error {
	if len(events) == 0 {
		return ctx.Err()
	}
	if err := hte.CheckAppend(journey, expected, events); err != nil {
		return err
	}
	return s.in(ctx, func(tx *sql.Tx) error { return add(ctx, tx, journey, expected, events) })
}

// Rewrite replaces a log from which something was taken out.
func (s *Store) Rewrite(ctx context.Context, journey hte.Ref, expected int64, log []hte.Event) error {
	if len(log) == 0 {
		return &hte.AppendError{Problem: "data"}
	}
	if err := hte.CheckAppend(journey, 0, log); err != nil {
		return err
	}
	return s.in(ctx, func(tx *sql.Tx) error {
		if n, err := end(ctx, tx, journey); err != nil {
			return err
		} else if n != expected {
			return &hte.ConflictError{Expected: expected, Actual: n}
		}
		if err := erase(ctx, tx, journey); err != nil {
			return err
		}
		if err := add(ctx, tx, journey, 0, log); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "update journeys set rewritten = ? where journey = ?", len(log), string(journey))
		return err
	})
}

// erase takes a journey out, with its events and its snapshot.
func erase(ctx context.Context, tx *sql.Tx, journey hte.Ref) error {
	_, err := tx.ExecContext(ctx, "delete from journeys where journey = ?", string(journey))
	return err
}

// Erase removes a journey.
func (s *Store) Erase(ctx context.Context, journey hte.Ref) error {
	return s.in(ctx, func(tx *sql.Tx) error { return erase(ctx, tx, journey) })
}

// LoadSnapshot returns the snapshot of a journey, if it has one.
func (s *Store) LoadSnapshot(ctx context.Context, journey hte.Ref) (hte.Snapshot, error) {
	var found hte.Snapshot
	err := s.each(ctx, func(scan func(...any) error) error {
		found.Journey = journey
		return scan(&found.Sequence, &found.Version, (*[]byte)(&found.State))
	}, "select sequence, version, state from snapshots where journey = ?", string(journey))
	if err != nil {
		return hte.Snapshot{}, err
	}
	return found, nil
}

// SaveSnapshot keeps a snapshot, unless there is a newer one.
func (s *Store) SaveSnapshot(ctx context.Context, snapshot hte.Snapshot) error {
	return s.in(ctx, func(tx *sql.Tx) error {
		n, err := end(ctx, tx, snapshot.Journey)
		if err != nil {
			return err
		}
		var rewritten int64
		err = tx.QueryRowContext(ctx, "select rewritten from journeys where journey = ?", string(snapshot.Journey)).Scan(&rewritten)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if snapshot.Sequence < 1 || snapshot.Sequence > n || snapshot.Sequence < rewritten {
			return &hte.ConflictError{Expected: snapshot.Sequence, Actual: n}
		}
		_, err = tx.ExecContext(ctx, `insert into snapshots (journey, sequence, version, state) values (?, ?, ?, ?)
			on conflict (journey) do update set sequence = excluded.sequence, version = excluded.version, state = excluded.state
			where excluded.sequence >= snapshots.sequence`,
			string(snapshot.Journey), snapshot.Sequence, snapshot.Version, []byte(snapshot.State))
		return err
	})
}

// Journeys are all that are kept, in the order of their references.
func (s *Store) Journeys(ctx context.Context) (all []hte.Ref, err error) {
	err = s.each(ctx, func(scan func(...any) error) error {
		var journey string
		err := scan(&journey)
		all = append(all, hte.Ref(journey))
		return err
	}, "select journey from journeys order by journey")
	return all, err
}
