//! The binary's other commands.

use std::process::ExitStatus;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Program, Setup};

/// Runs the container's health check for a service with this port.
async fn healthcheck(port: &str) -> (ExitStatus, Vec<String>, Vec<String>) {
    healthcheck_at("0.0.0.0", port).await
}

async fn healthcheck_at(host: &str, port: &str) -> (ExitStatus, Vec<String>, Vec<String>) {
    let mut program = Program::run(&["healthcheck"], [("HOST", host), ("PORT", port)]);
    let ended = program.ended().await;
    (ended, program.stdout.to_end().await, program.stderr.to_end().await)
}

#[tokio::test]
async fn the_health_check_succeeds_while_the_service_answers() {
    let mut service = Setup::new().await.launch().await;
    let port = service.url.rsplit(':').next().unwrap().to_owned();
    let (ended, stdout, _) = healthcheck(&port).await;
    assert_eq!((ended.code(), stdout), (Some(0), vec!["healthy".to_owned()]));
    service.stop().await;
    let (ended, _, stderr) = healthcheck(&port).await;
    assert_eq!(ended.code(), Some(1));
    assert!(stderr.iter().any(|line| line.starts_with("error: ")), "{stderr:?}");
}

#[tokio::test]
async fn the_health_check_fails_if_the_answer_is_no_success() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let answering = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let (ended, stdout, stderr) = healthcheck(&port).await;
    assert_eq!((ended.code(), stdout), (Some(1), vec![]));
    assert!(stderr.iter().any(|line| line.contains("503")), "{stderr:?}");
    assert!(answering.await.unwrap().starts_with("GET /webhook/health "));
}

#[tokio::test]
async fn the_health_check_asks_where_the_service_listens() {
    for (host, asked) in
        [("127.0.0.2", "127.0.0.2"), ("::1", "[::1]"), ("::", "[::1]"), ("0.0.0.0", "127.0.0.1")]
    {
        // Not every machine has IPv6.
        let Ok(listener) = TcpListener::bind(format!("{asked}:0")).await else { continue };
        let port = listener.local_addr().unwrap().port().to_string();
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await.unwrap();
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        });
        let (ended, _, stderr) = healthcheck_at(host, &port).await;
        assert_eq!(ended.code(), Some(0), "{host}: {stderr:?}");
        answering.await.unwrap();
    }
}

#[tokio::test]
async fn help_names_every_command() {
    let mut program = Program::run(&["--help"], []);
    assert_eq!(program.ended().await.code(), Some(0));
    let help = program.stdout.to_end().await.join("\n");
    for command in ["serve", "sandbox", "preview", "check", "healthcheck", "openapi"] {
        assert!(help.contains(command), "{help}");
    }
}

#[tokio::test]
async fn an_unknown_command_is_refused() {
    let mut program = Program::run(&["sandbx"], []);
    assert!(!program.ended().await.success());
    assert!(program.stderr.to_end().await.join("\n").contains("sandbx"));
}
