//! A connection to PostgreSQL that a test can cut.

use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use super::PATIENCE;
use super::database::{POSTGRES_ADDRESS, TestDatabase};

/// Forwards connections to the server.
pub(crate) struct Wire {
    /// Where to connect instead of the server. It stays the same when the wire is restored.
    pub(crate) address: String,
    forwarding: Option<JoinHandle<()>>,
}

impl Wire {
    pub(crate) async fn connect() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { address, forwarding: Some(tokio::spawn(forward(listener))) }
    }

    /// The `DATABASE_URL` that reaches this database through the wire.
    pub(crate) fn url_of(&self, database: &TestDatabase) -> String {
        database.url().replace(POSTGRES_ADDRESS, &self.address)
    }

    /// Closes every connection and accepts no new ones.
    pub(crate) async fn cut(&mut self) {
        let Some(forwarding) = self.forwarding.take() else { return };
        forwarding.abort();
        let _cancelled = forwarding.await;
    }

    pub(crate) async fn mend(&mut self) {
        self.cut().await;
        let start = Instant::now();
        // While it was free, any connection of this machine may have got the port.
        let listener = loop {
            match TcpListener::bind(&self.address).await {
                Err(_) if start.elapsed() < PATIENCE => sleep(Duration::from_millis(50)).await,
                bound => break bound.unwrap(),
            }
        };
        self.forwarding = Some(tokio::spawn(forward(listener)));
    }
}

async fn forward(listener: TcpListener) {
    // Dropped together with this task, which closes all connections.
    let mut connections = JoinSet::new();
    while let Ok((mut client, _)) = listener.accept().await {
        connections.spawn(async move {
            let mut server = TcpStream::connect(POSTGRES_ADDRESS).await?;
            tokio::io::copy_bidirectional(&mut client, &mut server).await
        });
    }
}
