package httpio

import (
	"crypto/tls"
)

// secure are the options of TLS.
type secure struct {
	CA          []string `json:"ca"` // PEM
	Cert        string   `json:"cert"`
	Key         string   `json:"key"`
	ServerName  string   `json:"servername"`
	Unchecked   bool     `json:"unchecked"` // rejectUnauthorized: false
	MinVersion  string   `json:"minVersion"`
	RequestCert bool     `json:"requestCert"`
	ALPN        []string `json:"alpn"`
}

func (s secure) client() (*tls.Config, error) {
	return &tls.Config{MinVersion: tls.VersionTLS12}, nil
}

func describeTLS(map[string]any, any) {}
