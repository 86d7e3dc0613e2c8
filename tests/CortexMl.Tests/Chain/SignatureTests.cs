using CortexMl.Chain;
using CortexMl.Chain.Abi;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class SignatureTests
{
    [Theory]
    [InlineData("transfer(address,uint256)", "0xa9059cbb")]
    [InlineData("balanceOf(address)", "0x70a08231")]
    [InlineData("baz(uint32,bool)", "0xcdcd77c0")]
    [InlineData("bar(bytes3[2])", "0xfce353f6")]
    [InlineData("sam(bytes,bool,uint256[])", "0xa5643bf2")]
    [InlineData("f(uint256,uint32[],bytes10,bytes)", "0x8be65246")]
    public void Selector_is_the_start_of_the_hash(string signature, string selector) =>
        Assert.Equal(selector, Hex.Of(FunctionSignature.Parse(signature).Selector));

    [Theory]
    [InlineData("function transfer(address to, uint amount) public returns (bool)", "transfer(address,uint256)")]
    [InlineData(" f ( ( int , bytes32 [ 2 ] ) [ ] x ) ", "f((int256,bytes32[2])[])")]
    [InlineData("Infer()", "Infer()")]
    public void Signature_is_hashed_without_names_and_blanks(string text, string canonical) =>
        Assert.Equal(canonical, FunctionSignature.Parse(text).Canonical);

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Address_carries_its_checksum_in_capital_letters(string address) =>
        Assert.Equal(address, Address.Of(Address.Parse(address.ToLowerInvariant())));
}
