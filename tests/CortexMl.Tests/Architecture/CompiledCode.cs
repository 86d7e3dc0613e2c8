using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace CortexMl.Tests.Architecture;

/// <summary>The compiled code of a method: its instructions and the members that they name.</summary>
internal static class CompiledCode
{
    public const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Methods and constructors that a type declares, operators and accessors among them.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) => [.. type.GetMethods(All), .. type.GetConstructors(All)];

    /// <summary>The instructions from first to last, each with the method, field or type that it names.</summary>
    public static IEnumerable<(OpCode Instruction, MemberInfo? Member)> Instructions(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        for (int at = 0; at < code.Length;)
        {
            var instruction = code[at] == 0xFE ? s_opCodes[(short)(0xFE00 | code[at + 1])] : s_opCodes[code[at]];
            at += instruction.Size;
            bool hasMember = instruction.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;
            yield return (instruction, hasMember ? Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))) : null);
            at += OperandSize(instruction, code.AsSpan(at));
        }
    }

    /// <summary>The types in a member's signature, and the one that declares it.</summary>
    public static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        MethodInfo method =>
            [method.ReturnType, .. Owner(member), .. method.GetParameters().Select(p => p.ParameterType), .. method.GetGenericArguments()],
        MethodBase constructor => [.. Owner(member), .. constructor.GetParameters().Select(p => p.ParameterType)],
        FieldInfo field => [field.FieldType, .. Owner(member)],
        Type type => [type],
        _ => [],
    };

    private static Type[] Owner(MemberInfo member) => member.DeclaringType is { } type ? [type] : [];

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token, method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static int OperandSize(OpCode instruction, ReadOnlySpan<byte> operand) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(operand),
        _ => 4,
    };
}
