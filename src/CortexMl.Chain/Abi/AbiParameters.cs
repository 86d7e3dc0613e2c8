using System.Collections;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.Model;

namespace CortexMl.Chain.Abi;

/// <summary>Types and values as Nethereum.ABI has them.</summary>
internal static class AbiParameters
{
    public static Parameter[] Of(IReadOnlyList<AbiType> types) => [.. types.Select((type, i) => Of(type, i + 1))];

    /// <summary>A decoded value in our terms: integers, flags, texts, bytes, and lists for arrays and tuples.</summary>
    public static object Value(AbiType type, object decoded) => (type, decoded) switch
    {
        (AbiArray array, IList items) => items.Cast<object>().Select(item => Value(array.Element, item)).ToArray(),
        (AbiTuple tuple, IEnumerable<ParameterOutput> members) =>
            members.Select((member, i) => Value(tuple.Components[i], member.Result)).ToArray(),
        (AbiAddress, string address) => Address.Of(Convert.FromHexString(address.AsSpan(2))),
        _ => decoded,
    };

    // uint8[2] is a name; a tuple is called "tuple" or "tuple[2]", its members are set afterwards
    private static Parameter Of(AbiType type, int order)
    {
        var parameter = new Parameter(Spelled(type), name: "", order);
        SetMembers(parameter.ABIType, type);
        return parameter;
    }

    private static string Spelled(AbiType type) => type switch
    {
        AbiTuple => "tuple",
        AbiArray array => $"{Spelled(array.Element)}[{array.Length}]",
        _ => type.Name,
    };

    private static void SetMembers(ABIType library, AbiType type)
    {
        if (type is AbiTuple tuple) ((TupleType)library).SetComponents(Of(tuple.Components));
        else if (type is AbiArray array) SetMembers(((ArrayType)library).ElementType, array.Element);
    }
}
