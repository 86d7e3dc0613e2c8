using System.Reflection;
using System.Reflection.Emit;

namespace CortexMl.Tests.Architecture;

/// <summary>Looks for floating point in the compiled code of a method.</summary>
internal static class FloatScan
{
    private static readonly HashSet<Type> s_floats = [typeof(float), typeof(double), typeof(Half), typeof(decimal)];

    /// <returns>Instructions on floats, calls and fields whose signatures hold one, and local variables of such types.</returns>
    public static IEnumerable<string> Findings(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body) yield break;
        foreach (var local in body.LocalVariables.Where(local => IsFloat(local.LocalType))) yield return $"local {local.LocalType}";
        foreach (var (instruction, member) in CompiledCode.Instructions(method))
        {
            if (IsFloat(instruction)) yield return instruction.Name!;
            if (member is not null && CompiledCode.Types(member).Any(IsFloat))
                yield return $"{instruction.Name} {member.DeclaringType}.{member}";
        }
    }

    private static bool IsFloat(OpCode instruction) => instruction.Name!.Contains(".r4", StringComparison.Ordinal)
        || instruction.Name.Contains(".r8", StringComparison.Ordinal) || instruction.Name.StartsWith("conv.r", StringComparison.Ordinal);

    private static bool IsFloat(Type type) => s_floats.Contains(type)
        || (type.HasElementType && IsFloat(type.GetElementType()!)) || type.GenericTypeArguments.Any(IsFloat);
}
