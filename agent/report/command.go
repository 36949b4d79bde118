package report

import (
	"encoding/json"
	"errors"
	"fmt"
)

// command is what may be asked of a kiosk from afar.
type command struct {
	ID   string `json:"id"`
	Name string `json:"cmd"`
}

// reply answers a command.
type reply struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"cmd,omitempty"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

// The commands, and what a reply's error may say.
const (
	commandPing    = "ping"
	commandSyncNow = "sync-now"

	errorMalformed   = "malformed"
	errorUnknown     = "unknown_command"
	errorUnavailable = "unavailable"
)

func parseCommand(data []byte) (command, error) {
	if len(data) > maxSmall {
		return command{}, fmt.Errorf("parse command: %d bytes, at most %d", len(data), maxSmall)
	}
	var c command
	if err := decodeStrict(data, &c); err != nil {
		return command{}, fmt.Errorf("parse command: %w", err)
	}
	if !identifier(c.ID) || !identifier(c.Name) {
		return command{}, errors.New("parse command: id and cmd must each be 1 to 32 of a-z, 0-9 and -")
	}
	return c, nil
}

// answer does what a command asks. What a command can do ends here: none reaches
// a decision, the policy, or what knowledge is accepted.
func (c *Client) answer(payload []byte) []byte {
	var r reply
	switch cmd, err := parseCommand(payload); {
	case err != nil:
		r.Error = errorMalformed // and nothing of it is repeated
	case cmd.Name == commandPing:
		r = reply{ID: cmd.ID, Name: cmd.Name, OK: true}
	case cmd.Name == commandSyncNow && c.o.SyncNow != nil:
		c.o.SyncNow()
		r = reply{ID: cmd.ID, Name: cmd.Name, OK: true}
	case cmd.Name == commandSyncNow:
		r = reply{ID: cmd.ID, Name: cmd.Name, Error: errorUnavailable}
	default:
		r = reply{ID: cmd.ID, Error: errorUnknown}
	}
	data, _ := json.Marshal(r) // strings and a bool: it cannot fail
	return data
}
