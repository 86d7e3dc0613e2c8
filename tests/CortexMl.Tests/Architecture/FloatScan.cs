using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace CortexMl.Tests.Architecture;

/// <summary>Looks for floating point in the compiled code of a method.</summary>
internal static class FloatScan
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly HashSet<Type> s_floats = [typeof(float), typeof(double), typeof(Half), typeof(decimal)];

    /// <returns>Instructions on floats, calls and fields whose signatures hold one, and local variables of such types.</returns>
    public static IEnumerable<string> Findings(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body) yield break;
        foreach (var local in body.LocalVariables.Where(local => IsFloat(local.LocalType))) yield return $"local {local.LocalType}";
        byte[] code = body.GetILAsByteArray()!;
        for (int at = 0; at < code.Length;)
        {
            var instruction = code[at] == 0xFE ? s_opCodes[(short)(0xFE00 | code[at + 1])] : s_opCodes[code[at]];
            at += instruction.Size;
            if (IsFloat(instruction)) yield return instruction.Name!;
            bool hasMember = instruction.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;
            if (hasMember
                && Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))) is { } member && Types(member).Any(IsFloat))
            {
                yield return $"{instruction.Name} {member.DeclaringType}.{member}";
            }
            at += OperandSize(instruction, code.AsSpan(at));
        }
    }

    private static bool IsFloat(OpCode instruction) => instruction.Name!.Contains(".r4", StringComparison.Ordinal)
        || instruction.Name.Contains(".r8", StringComparison.Ordinal) || instruction.Name.StartsWith("conv.r", StringComparison.Ordinal);

    private static bool IsFloat(Type type) => s_floats.Contains(type)
        || (type.HasElementType && IsFloat(type.GetElementType()!)) || type.GenericTypeArguments.Any(IsFloat);

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token, method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        MethodInfo method =>
            [method.ReturnType, .. Owner(member), .. method.GetParameters().Select(p => p.ParameterType), .. method.GetGenericArguments()],
        MethodBase constructor => [.. Owner(member), .. constructor.GetParameters().Select(p => p.ParameterType)],
        FieldInfo field => [field.FieldType, .. Owner(member)],
        Type type => [type],
        _ => [],
    };

    private static Type[] Owner(MemberInfo member) => member.DeclaringType is { } type ? [type] : [];

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
