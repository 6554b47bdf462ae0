package store

import "strconv"

// LimitPages makes the database file full at its present size plus n pages of
// 4 KiB, as a full disk would.
func (s *Store) LimitPages(n int) error {
	var have int
	if err := s.w.QueryRow(`PRAGMA page_count`).Scan(&have); err != nil {
		return err
	}
	var got int
	return s.w.QueryRow(`PRAGMA max_page_count = ` + strconv.Itoa(have+n)).Scan(&got)
}
