/** The connections: Netty, and HTTP/1.1 on it. Knows requests and answers, and nothing of what is asked. */
package celeriant.gateway.net;
