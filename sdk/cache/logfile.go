package cache

import (
	"bytes"
	"encoding/json"
)

// A log and its witness proofs belong together and are written as one file, so that
// a power cut leaves both or neither: the entries of the log, which are objects, a
// line each, and behind them the proofs, which are an array, on one line.

func joinLog(log, witnesses []byte) []byte {
	file := append(bytes.TrimRight(log, "\r\n"), '\n')
	if witnesses == nil {
		return file
	}
	var line bytes.Buffer
	if json.Compact(&line, witnesses) != nil || !bytes.HasPrefix(line.Bytes(), []byte("[")) {
		return file // it was not looked at: the log asks for no witness
	}
	return append(append(file, line.Bytes()...), '\n')
}

func splitLog(file []byte) (log, witnesses []byte) {
	lines := bytes.TrimSuffix(file, []byte("\n"))
	at := bytes.LastIndexByte(lines, '\n') + 1
	if bytes.HasPrefix(lines[at:], []byte("[")) {
		return file[:at], lines[at:]
	}
	return file, nil
}
