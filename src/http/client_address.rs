//! Where a request comes from, as far as addresses tell.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;

/// To this header, each proxy appends the address from which it was asked, behind those that earlier proxies appended.
/// Anything in front of those may be the client's own invention.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Where a request comes from: the peer of the connection or, behind this many trusted proxies, the address that the
/// outermost of them saw. If the header holds no readable address there, it is the peer.
pub(super) fn of(request: &Request, trusted_proxies: usize) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    forwarded_for(request.headers(), trusted_proxies).unwrap_or(peer).to_canonical()
}

fn forwarded_for(headers: &HeaderMap, trusted_proxies: usize) -> Option<IpAddr> {
    let nth = trusted_proxies.checked_sub(1)?;
    // Several header lines form one list, in their order (RFC 9110, 5.3).
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let entry = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')).nth(nth)?.trim();
    // Some proxies append the port, too.
    entry.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// The part of an address that a client cannot change at will: providers assign IPv6 addresses in blocks of 2^64.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// The address of a request from 10.0.0.1 with these `X-Forwarded-For` lines.
    fn address(lines: &[&str], trusted_proxies: usize) -> String {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 1234))));
        for line in lines {
            request.headers_mut().append(FORWARDED_FOR, line.parse().unwrap());
        }
        of(&request, trusted_proxies).to_string()
    }

    #[test]
    fn only_what_trusted_proxies_added_is_believed() {
        let lines = ["192.0.2.1, 192.0.2.2", "192.0.2.3"];
        assert_eq!(address(&lines, 0), "10.0.0.1");
        assert_eq!(address(&lines, 1), "192.0.2.3");
        assert_eq!(address(&lines, 2), "192.0.2.2");
        assert_eq!(address(&lines, 3), "192.0.2.1");
        assert_eq!(address(&lines, 4), "10.0.0.1");
        assert_eq!(address(&[], 1), "10.0.0.1");
    }

    #[test]
    fn entries_are_read_as_proxies_write_them() {
        let one = |entry| address(&[entry], 1);
        assert_eq!(one(" 2001:db8::1 "), "2001:db8::1");
        assert_eq!(one("192.0.2.1:4711"), "192.0.2.1");
        assert_eq!(one("[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(one("::ffff:192.0.2.1"), "192.0.2.1");
        for nonsense in ["", "unknown", "192.0.2.1, ", "ä"] {
            assert_eq!(one(nonsense), "10.0.0.1", "{nonsense:?}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let network = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }
}
