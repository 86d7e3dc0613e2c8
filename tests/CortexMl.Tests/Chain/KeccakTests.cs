using System.Text;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class KeccakTests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void Keccak_256_has_the_original_padding(string text, string hash) => Assert.Equal(hash, Hex.Of(Keccak.Hash(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("transfer(address,uint256)", "0xa9059cbb")]
    [InlineData("balanceOf(address)", "0x70a08231")]
    [InlineData("baz(uint32,bool)", "0xcdcd77c0")]
    [InlineData("bar(bytes3[2])", "0xfce353f6")]
    [InlineData("sam(bytes,bool,uint256[])", "0xa5643bf2")]
    [InlineData("f(uint256,uint32[],bytes10,bytes)", "0x8be65246")]
    public void Selector_is_the_start_of_the_hash(string signature, string selector) => Assert.Equal(selector, Hex.Of(FunctionSignature.Parse(signature).Selector));

    [Theory]
    [InlineData("function transfer(address to, uint amount) public returns (bool)", "transfer(address,uint256)")]
    [InlineData(" f ( ( int , bytes32 [ 2 ] ) [ ] x ) ", "f((int256,bytes32[2])[])")]
    [InlineData("Infer()", "Infer()")]
    public void Signature_is_hashed_without_names_and_blanks(string text, string canonical) => Assert.Equal(canonical, FunctionSignature.Parse(text).Canonical);

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Address_carries_its_checksum_in_capital_letters(string address) => Assert.Equal(address, Address.Of(Address.Parse(address.ToLowerInvariant())));
}
